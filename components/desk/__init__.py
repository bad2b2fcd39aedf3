"""The desk pages' frame: navigation, filter bar, panels, key figures, tables. The URL is their only state."""
