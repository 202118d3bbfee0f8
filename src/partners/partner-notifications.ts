/** PostgreSQL channel; the payload is the id of an API key that stopped working or came anew. */
export const API_KEYS_CHANGED = 'api_keys';

/** PostgreSQL channel; the payload is the id of a partner whose settings changed. */
export const PARTNERS_CHANGED = 'partners';
