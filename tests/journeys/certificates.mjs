// Certificates for a few minutes, made by OpenSSL.
import { execFileSync } from 'node:child_process'
import path from 'node:path'

/** folder/name.pem and its folder/name.key, good for two days: {certificate, key}. `names` are what a server is called, as
 * 'DNS:localhost'; `by` is who signs it, else it signs itself. */
export function certify(folder, name, { subject, names = [], by }) {
    const [certificate, key] = ['pem', 'key'].map((end) => path.join(folder, `${name}.${end}`))
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', subject,
        ...(names.length ? ['-addext', `subjectAltName=${names.join()}`] : []), ...(by ? ['-CA', by.certificate, '-CAkey', by.key] : []),
        '-keyout', key, '-out', certificate], { stdio: 'ignore' })
    return { certificate, key }
}
