"""What runs beside the site: jobs from the queue, and a short list of things done again and again."""
