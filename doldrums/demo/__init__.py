"""A scripted fleet of agents that sends real OTLP: what `doldrums demo` shows.

Scripts (`software_team`, `research_desk`, `support_desk`) say who does what; a dialect words each
step as a span; `perform` plays a part; `rehearse` plays a run in the past, `play` in real time.
"""
