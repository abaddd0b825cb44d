"""Our browser components: plain JavaScript and CSS, served as files and built by nobody."""
