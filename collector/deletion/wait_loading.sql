-- Waits until the parts that were replaced before a start are known.
SYSTEM WAIT LOADING PARTS {table:Identifier}
