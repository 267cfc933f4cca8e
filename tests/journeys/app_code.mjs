// What an authenticator app shows; otplib computes it, so that two implementations of the standard have to agree.
import { fromWeb } from './web_packages.mjs'

/** A code is good once: whoever needs a second one soon takes that of the next step. */
export async function appCode(secret, stepsAhead = 0) {
    const { generate } = await fromWeb('otplib')
    return generate({ secret, epoch: Math.floor(Date.now() / 1000) + 30 * stepsAhead })
}
