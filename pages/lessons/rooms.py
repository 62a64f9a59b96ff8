"""Where the idea of each lesson can be played with."""

ROOMS = {
    'transformer_architecture': ('transformer', 'model'),
    'tokenization_process': ('tokenizer',),
    'embeddings_explained': ('embeddings',),
    'softmax_temperature': ('inference',),
    'attention_by_hand': ('attention',),
    'positional_encodings': ('embeddings', 'training'),
    'training_system': ('training',),
    'backpropagation_by_hand': ('training',),
    'gradient_computation': ('training',),
    'optimization_techniques': ('training',),
    'learning_rate_schedules': ('training',),
    'overfitting': ('training',),
    'chunking_retrieval': ('chunking', 'sample'),
    'inference_engine': ('inference',),
    'kv_cache': ('inference',),
    'quantisation': ('model',),
    'memory_management': ('model',),
    'profiling': ('model',),
}
