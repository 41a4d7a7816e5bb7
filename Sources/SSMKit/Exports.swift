// Clients, errors and clocks are part of this module's own interface.
@_exported import AWSClient
