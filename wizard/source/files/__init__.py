"""Files and databases that the code keeps, and the paths it builds for them."""
