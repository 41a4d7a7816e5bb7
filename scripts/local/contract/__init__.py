"""What a service's own model says of a request and of an answer: for the fakes and the emulators alike."""
