"""Series: what agents put out, counted by the hour, and whether it drifted."""
