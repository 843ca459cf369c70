"""Third-party front-end libraries: fetched by npm, built into git-ignored `static/vendor/`, checked at start."""
