import type { MessageId } from './i18n/text'

/** Something that did not work, with words of its own for the reader. */
export class SaidError extends Error {
    constructor(readonly title: MessageId, readonly detail: MessageId, cause?: unknown) {
        super(title, { cause })
        this.name = 'SaidError'
    }
}
