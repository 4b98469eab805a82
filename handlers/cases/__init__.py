"""Cases: disputes, incidents and emergencies, from the first sentence to the rating."""
