"""For a web server of several processes: `gunicorn --workers 4 --threads 4 recore.wsgi:app`. It runs no jobs."""

from recore.app import create_app
from recore.settings import Settings

app = create_app(Settings.load())
