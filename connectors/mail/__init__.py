"""Mails to shoppers: what they say, and the server or folder they go to."""
