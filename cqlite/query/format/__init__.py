"""What a result is shown or written as."""
