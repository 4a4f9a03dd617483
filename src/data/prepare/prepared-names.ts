/** Names in a prepared folder: the two token sets and the tokenizer. */
export const TRAIN = 'train';
export const VALIDATION = 'validation';
export const TOKENIZER_NAME = 'tokenizer.json';

/** Names of the report and of the list of corpus files. */
export const REPORT_NAME = 'prepare.json';
export const FILES_NAME = 'corpus.jsonl';
