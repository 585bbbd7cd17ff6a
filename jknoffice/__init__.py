"""The project: settings, the admin site, and the ground that the apps stand on."""
