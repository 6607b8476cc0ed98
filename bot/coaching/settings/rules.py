"""What holds for settings of everybody."""
