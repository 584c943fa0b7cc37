"""Groups of commands, one module each; cli.py mounts their `app`."""
