"""What a text means: intents, entities, times, personal data and the policy document. Pure functions over data."""
