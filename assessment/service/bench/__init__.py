"""What measures this machine, each part in a room of its own, on databases that it makes and removes."""
