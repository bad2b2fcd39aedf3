"""Material requirements planning: arrays in, arrays out; level by level over all items at once."""
