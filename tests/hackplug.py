import tests.conftest as c
from recore.platform.db import db

_eng = {}
orig = c.create_app


def made(settings):
    app = orig(settings)
    with app.app_context():
        e = db.engine
        first = _eng.setdefault(e.dialect.name, e)
        if first is not e:
            e.dialect = first.dialect
            e._compiled_cache = first._compiled_cache
    return app


c.create_app = made
