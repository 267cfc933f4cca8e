import { isMessage, messagesBelow, type Text } from './text'

/** What happened, in the reader's words; an action that these words do not know yet stands as the server names it. */
export function actionWords(text: Text, action: string): string {
    const id = `audit.did.${action}`
    return isMessage(id) ? text(id) : action
}

/** The actions that there are words for: "campaign.launched". */
export const knownActions = () => messagesBelow('audit.did.')
