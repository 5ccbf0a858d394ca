"""From ``specs/*.ksy`` to everything that is generated, as ``plan.toml`` says."""
