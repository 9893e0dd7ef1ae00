"""
The NATS edge: streams, subjects, journal, publishers. The only place that knows the NATS client.

Overview, as the service wires it::

    async with EmbeddedServer(folder) as server:                      # embedded.py, server_folder.py; where no server is given
        async with connect(server.options) as connection:             # connection.py, client.py, options.py: outlasts every loss
            notes = await ensure_streams(connection)                  # streams.py: TRACES, TOPOLOGY, CORRELATIONS
            journal = EventJournal(connection, after=position)        # journal.py on reader.py: await journal.read(limit, wait_seconds)
            feed = TopologyFeed(connection)                           # topology_store.py, as TopologyStore, which writes
            checkpoints = CheckpointStore(connection, domain)         # checkpoints.py on atomic.py: load before save
            async with PublishWindow(connection) as window:           # publishing.py: own window of acknowledgements
                await ResultSink(window).publish(effects)             # result_sink.py: returns when all are stored
            told = await ResultHistory(connection).latest()           # result_history.py, as open_tail, which follows

    async with Publisher(options_or_connection) as publisher:         # publisher.py, for collectors
        await publisher.publish(event)

Subjects are made in subjects.py alone; what can go wrong is in errors.py, with what to do about it. Everything logs to `headwater.nats`.
"""
