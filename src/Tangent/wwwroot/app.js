// Wires charts and lists of the pages.
