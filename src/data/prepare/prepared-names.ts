/** The folders of the two token sets, and the tokenizer, in a prepared folder. */
export const TRAIN = 'train';
export const VALIDATION = 'validation';
export const TOKENIZER_NAME = 'tokenizer.json';

/** The name of the report in a folder that `prepare` made, and of the list of the files that it was made from. */
export const REPORT_NAME = 'prepare.json';
export const FILES_NAME = 'corpus.jsonl';
