// argon2id alone, as Node's OpenSSL computes it: argon2.mjs MEMORY_KIB PASSES LANES AT_ONCE. Prints "ready", then answers
// each number of seconds on its input with what it did in them.
import { argon2, randomBytes } from 'node:crypto'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

const [memory, passes, parallelism, atOnce] = process.argv.slice(2).map(Number)
const hash = promisify(argon2)
const one = () => hash('argon2id', { message: 'correct horse battery staple', nonce: randomBytes(16), memory, passes, parallelism, tagLength: 32 })

async function during(seconds) {
    const began = performance.now()
    let operations = 0
    await Promise.all(Array.from({ length: atOnce }, async () => {
        while (performance.now() - began < 1000 * seconds) {
            await one()
            operations += 1
        }
    }))
    return { operations, seconds: (performance.now() - began) / 1000 }
}

await one()
console.log('ready')
for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify(await during(Number(line))))
