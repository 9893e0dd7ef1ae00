"""The words of the domain: events, entities, relations, symptoms, results, inputs, effects, identity. Imports nothing of Headwater."""
