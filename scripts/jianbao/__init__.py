"""jianbao (简报): from a school's daily health sheets to the published, sealed work briefing."""

__version__ = "0.1.0"
