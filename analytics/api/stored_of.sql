-- Spans of a project in the store: a range of the key, of which only the ends are read.
SELECT count() AS spans FROM spans WHERE project = {project:String}
