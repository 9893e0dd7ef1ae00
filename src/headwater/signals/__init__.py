"""Raw events become symptoms, by a catalogue that is data. Pure."""
