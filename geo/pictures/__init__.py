"""Photos, plan drawings and panoramas (全景) of things: taken in, made safe, kept, shown."""
