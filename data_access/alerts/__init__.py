"""What somebody should be told of while nobody looks: causes, the book of alerts in state.db, and messages."""
