// Vietnamese without its marks, to compare what people type.

export const folded = (words: string): string => words.normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/đ/gi, 'd').toLowerCase();
