// Requests, clocks and transport errors are part of this module's own interface.
@_exported import HTTPClient
