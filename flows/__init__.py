"""What happens next. Pure: standard library only, no clock, no randomness, no waiting."""
