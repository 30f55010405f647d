"""The chains: which station hands what to which. Nothing but order."""
