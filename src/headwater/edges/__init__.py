"""Each edge translates one outside world; edges know the model only, and not each other."""
