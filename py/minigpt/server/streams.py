"""What is told often and without a number, by the stream that one subscribes to."""

# Type of the message → its stream.
STREAM_OF = {'training_step': 'training', 'training_evaluation': 'training',
             'training_sample': 'training', 'token': 'generation', 'metrics': 'metrics',
             'clients': 'clients'}
STREAMS = tuple(dict.fromkeys(STREAM_OF.values()))
