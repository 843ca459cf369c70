"""What a process knows by being told: tiles it keeps, changes it passes on. Nothing here is true longer than the listener hears."""
