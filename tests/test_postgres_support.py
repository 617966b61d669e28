"""The PostgreSQL that tests bring along."""

import psycopg


def test_each_test_has_an_empty_database_of_its_own(postgres, cluster):
    with psycopg.connect(postgres) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)
        connection.execute("CREATE TABLE boats (id int)")
    with psycopg.connect(cluster.database()) as another:
        assert another.execute("SELECT to_regclass('boats')").fetchone() == (None,)
