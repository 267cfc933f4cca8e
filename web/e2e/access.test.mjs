// How people get in and look after their account, in the browser: the letters are read where the server keeps them.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { generate } from 'otplib'
import { bearer, letterTo, linkIn, newAddress, newPerson, password, sent } from './persons.mjs'
import { assertAccessible, closeBrowser, demo, openBrowser, origin, settle, shot, signIn, unique, withPage } from './support.mjs'

before(openBrowser)
after(closeBrowser)

/** Invites somebody as the owner does, and gives the link of the letter. */
async function invite(page, email) {
    await fillInvitation(page, email)
    return linkIn(await letterTo(email))
}

async function fillInvitation(page, email, role = 'Analyst') {
    await page.goto(`${origin}/settings?open=invite`)
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('E-mail').fill(email)
    await dialog.getByRole('button', { name: /^Viewer/ }).click()
    await page.getByRole('option', { name: role }).click()
    await dialog.getByRole('button', { name: 'Send the invitation' }).click()
    await page.getByRole('region', { name: 'Invitations' }).getByText(email).waitFor()
}

/** A new person, invited by the owner, through the pages. */
async function join(email, name) {
    let link
    await withPage({ as: demo.owner }, async (page) => { link = await invite(page, email) })
    await withPage({}, async (page) => {
        await page.goto(link)
        await page.getByText(/invites you to Northside Media as Analyst/).waitFor()
        await assertAccessible(page, 'accept invitation')
        await page.getByLabel('Name').fill(name)
        await page.getByLabel('New password').fill(password)
        await page.getByRole('button', { name: 'Join' }).click()
        await page.waitForURL((url) => url.pathname === '/campaigns')
    })
    return link
}

test('somebody invited joins by the letter, has a role that can be changed, and is removed', async () => {
    const email = newAddress()
    const name = unique('Nina')
    const link = await join(email, name)
    await withPage({}, async (page) => {
        await page.goto(link)
        await page.getByRole('alert').getByText(/was used, withdrawn or replaced/).first().waitFor()
    })
    await withPage({ as: demo.owner }, async (page) => {
        await page.goto(`${origin}/settings`)
        const row = page.getByRole('region', { name: 'Members' }).getByRole('row').filter({ hasText: email })
        await row.getByRole('button', { name: 'Change role' }).click()
        const dialog = page.getByRole('dialog', { name: `Role of ${name}` })
        await dialog.getByRole('button', { name: /^Analyst/ }).click()
        await page.getByRole('option', { name: 'Billing' }).click()
        await dialog.getByRole('button', { name: 'Save' }).click()
        await row.getByText('Billing').waitFor()
        await row.getByRole('button', { name: 'Remove' }).click()
        await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
        await row.waitFor({ state: 'detached' })
    })
    assert.match((await letterTo(email, /removed/)).text, /Northside Media/)
})

test('an invitation says whether its letter has gone, is sent again and withdrawn', () =>
    withPage({ as: demo.owner }, async (page) => {
        const email = newAddress()
        const row = page.getByRole('region', { name: 'Invitations' }).getByRole('row').filter({ hasText: email })
        const sendAgain = async () => {
            await row.getByRole('button', { name: 'Send again' }).click()
            await page.getByRole('alertdialog').getByRole('button', { name: 'Send again' }).click()
        }
        const letters = async (verb) => assert.equal((await sent(`/v1/job-kinds/auth.invitation/${verb}`, undefined, bearer(demo.staff))).status, 200)
        await letters('pause')
        try {
            await fillInvitation(page, email)
            await row.getByText('On its way').waitFor()
            await settle(page)
            await assertAccessible(page, 'an invitation on its way')
            await shot(page, 'invitation-on-its-way')
            await sendAgain()
            await page.getByText(`Invitation sent to ${email}`).first().waitFor()
            await page.getByRole('alertdialog').waitFor({ state: 'detached' })
        } finally {
            await letters('resume')
        }
        await row.getByText(/^Sent /).waitFor()
        const link = linkIn(await letterTo(email))
        // The letter went this minute, and nobody is written to more often.
        await sendAgain()
        await page.getByRole('alertdialog').getByText('Wait a minute, then try again.', { exact: false }).waitFor()
        await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click()
        await row.getByRole('button', { name: 'Withdraw' }).click()
        await page.getByRole('alertdialog').getByRole('button', { name: 'Withdraw' }).click()
        await row.waitFor({ state: 'detached' })
        await page.goto(link)
        await page.getByRole('alert').first().waitFor()
    }))

test('a forgotten password is chosen anew', async () => {
    const email = newAddress()
    await join(email, unique('Max'))
    await withPage({}, async (page) => {
        await page.goto(`${origin}/sign-in`)
        await page.getByRole('link', { name: 'Forgot your password?' }).click()
        await page.getByRole('heading', { name: 'Forgotten password' }).waitFor()
        const ask = async (address) => {
            await page.getByLabel('E-mail').fill(address)
            await page.getByRole('button', { name: 'Send the link' }).click()
            // The frame's own place for what was done is there too, and empty.
            return (await page.getByRole('status').filter({ hasText: /\S/ }).innerText()).trim()
        }
        const said = await ask(email)
        await page.goto(`${origin}/forgot-password`)
        assert.equal(await ask(newAddress()), said, 'the same for an address without an account')
        await page.goto(linkIn(await letterTo(email, /new password/)))
        await page.getByLabel('New password').fill('qwerty123456')
        await page.getByRole('button', { name: 'Save the password' }).click()
        await page.getByRole('alert').first().waitFor()
        await page.getByLabel('New password').fill('another password for this test')
        await page.getByRole('button', { name: 'Save the password' }).click()
        await page.getByText('Your password is changed').waitFor()
        await signIn(page, { email, password: 'another password for this test' })
    })
})

test('the account is looked after: name, address, password and sessions', async () => {
    const email = newAddress()
    await join(email, unique('Lea'))
    await withPage({ as: { email, password } }, async (page) => {
        await page.getByRole('button', { name: /^Account of/ }).click()
        await page.getByRole('menuitem', { name: 'Profile' }).click()
        await page.waitForURL((url) => url.pathname === '/settings/profile')
        const name = unique('Léa')
        await page.getByLabel('Name').fill(name)
        await page.getByRole('button', { name: 'Save' }).click()
        await page.getByRole('button', { name: `Account of ${name}` }).waitFor()
        await page.getByText('Saved').waitFor()

        const moved = newAddress()
        await page.getByRole('textbox', { name: 'E-mail' }).fill(moved)
        await page.getByRole('button', { name: 'Send a confirmation' }).click()
        await page.getByText(`A letter to ${moved} is on its way.`).waitFor()
        await page.goto(linkIn(await letterTo(moved)))
        await page.getByRole('button', { name: 'Confirm' }).click()
        await page.getByText(`${moved} is confirmed.`).waitFor()
        assert.match((await letterTo(email, /address was changed/)).text, new RegExp(moved.replaceAll('.', '\\.')))

        await withPage({ as: { email: moved, password } }, async (elsewhere) => {
            await page.goto(`${origin}/settings/security`)
            await settle(page)
            await page.getByLabel('Current password').fill(password)
            await page.getByLabel('New password').fill('another password for this test')
            await page.getByRole('button', { name: 'Change the password' }).click()
            await page.getByText('Password changed').waitFor()
            await elsewhere.goto(`${origin}/campaigns`)
            await elsewhere.waitForURL((url) => url.pathname === '/sign-in')
        })
        const sessions = page.getByRole('region', { name: 'Sessions' })
        await sessions.getByText('This session').waitFor()
        await withPage({ as: { email: moved, password: 'another password for this test' } }, async (elsewhere) => {
            await page.reload()
            await sessions.getByRole('button', { name: 'Sign out', exact: true }).first().click()
            await page.getByRole('alertdialog').getByRole('button', { name: 'Sign out' }).click()
            await sessions.getByRole('button', { name: 'Sign out', exact: true }).waitFor({ state: 'detached' })
            await elsewhere.goto(`${origin}/campaigns`)
            await elsewhere.waitForURL((url) => url.pathname === '/sign-in')
        })
    })
})

test('an analyst sees what roles may do, and no members', () =>
    withPage({ as: demo.analyst }, async (page) => {
        await page.goto(`${origin}/settings/roles`)
        await page.getByRole('rowheader', { name: 'Invite people, change their roles and remove them' }).waitFor()
        assert.equal(await page.getByRole('link', { name: 'People and keys' }).count(), 0)
        const owner = await page.getByRole('row').filter({ hasText: 'Make and revoke API keys' }).getByRole('cell').first().innerText()
        assert.equal(owner.trim(), 'Yes')
    }))

test('an authenticator app is added, asked for at the next sign-in and when it is taken away', async () => {
    const email = newAddress()
    await join(email, unique('Tova'))
    await withPage({}, async (page) => {
        await page.goto(`${origin}/sign-in`)
        await page.getByLabel('E-mail').fill(email)
        await page.getByLabel('Password').fill(password)
        await page.getByRole('button', { name: 'Sign in', exact: true }).click()
        await page.waitForURL((url) => url.pathname === '/')
        await page.goto(`${origin}/settings/security`)
        const panel = page.getByRole('region', { name: 'Second factor' })
        await panel.getByText('Your password alone signs you in.').waitFor()
        await panel.getByRole('button', { name: 'Add an authenticator app' }).click()
        const dialog = page.getByRole('dialog')
        await dialog.getByRole('img', { name: /^QR code/ }).waitFor()
        const secret = (await page.locator('[data-factor-secret]').innerText()).replaceAll(/\s/g, '')
        await assertAccessible(page, 'add an app')
        await shot(page, 'second-factor')
        await dialog.getByRole('textbox', { name: 'Code' }).fill('000000')
        await dialog.getByRole('button', { name: 'Add the app' }).click()
        await dialog.getByText('is wrong').first().waitFor()
        await dialog.getByRole('textbox', { name: 'Code' }).fill(await generate({ secret }))
        await dialog.getByRole('button', { name: 'Add the app' }).click()
        const codes = (await page.locator('[data-secret]').innerText()).split('\n')
        assert.equal(codes.length, 10)
        await assertAccessible(page, 'recovery codes')
        await shot(page, 'recovery-codes')
        await page.getByRole('button', { name: 'I have kept it' }).click()
        await panel.getByText(/10 recovery codes are left/).waitFor()
        await letterTo(email, /second factor was added/)

        await page.context().clearCookies()
        await page.goto(`${origin}/sign-in`)
        await page.getByLabel('E-mail').fill(email)
        await page.getByLabel('Password').fill(password)
        await page.getByRole('button', { name: 'Sign in', exact: true }).click()
        await page.getByRole('textbox', { name: 'Code' }).fill(codes[0])
        await assertAccessible(page, 'sign in with a code')
        await page.getByRole('button', { name: 'Sign in', exact: true }).click()
        await page.waitForURL((url) => url.pathname === '/')
        await page.goto(`${origin}/settings/security`)
        await panel.getByText(/9 recovery codes are left/).waitFor()
        await panel.getByRole('button', { name: 'New recovery codes' }).click()
        const renewed = (await page.locator('[data-secret]').innerText()).split('\n')
        assert.equal(renewed.length, 10)
        assert.ok(renewed.every((one) => !codes.includes(one)), 'a code of before is still good')
        await page.getByRole('button', { name: 'I have kept it' }).click()
        await panel.getByText(/10 recovery codes are left/).waitFor()
        await panel.getByRole('button', { name: 'Remove the app' }).click()
        await page.getByRole('alertdialog').getByRole('button', { name: 'Remove the app' }).click()
        await panel.getByText('Your password alone signs you in.').waitFor()
    })
})

test('what one is told by mail is chosen, and stays chosen', async () => {
    const person = await newPerson(unique('Noel'))
    await withPage({ as: person }, async (page) => {
        await page.goto(`${origin}/settings/notifications`)
        const wish = page.getByRole('checkbox', { name: 'Somebody joined the company' })
        assert.equal(await wish.isChecked(), true)
        await page.getByText('Somebody joined the company').click()
        await page.getByRole('button', { name: 'Save' }).click()
        await page.getByText('Saved').waitFor()
        await page.reload()
        await wish.waitFor()
        assert.equal(await wish.isChecked(), false)
        assert.equal(await page.getByRole('checkbox', { name: 'An API key ends within seven days' }).isChecked(), true)
    })
})

test('whoever goes over to a company that is suspended is told so', async () => {
    const person = await newPerson(unique('Sacha'))
    const name = unique('Suspended')
    const made = await sent('/v1/companies', { name, zone: 'America/Toronto', country: 'CA', owner: { email: person.email } }, bearer(demo.staff))
    assert.equal(made.status, 201)
    const { id } = await made.json()
    const [, token] = linkIn(await letterTo(person.email, new RegExp(name))).split('#')
    assert.equal((await sent('/v1/invitations/accept', { token, password })).status, 200)
    await withPage({ as: person }, async (page) => {
        const menu = page.getByRole('button', { name: /^Company: / })
        const here = /^Company: (.*)$/.exec(await menu.getAttribute('aria-label'))[1]
        const go = async (to) => {
            await menu.click()
            await page.getByRole('menuitem', { name: to }).click()
        }
        if (here === name) {
            await go('Northside Media')
            await page.getByRole('button', { name: 'Company: Northside Media' }).waitFor()
        }
        assert.equal((await sent(`/v1/companies/${id}`, { state: 'suspended' }, bearer(demo.staff), 'PATCH')).status, 200)
        await go(name)
        await page.getByRole('status').getByText('The company is suspended. Ask support.').waitFor()
        assert.equal(await page.getByText('No connection').count(), 0)
        await shot(page, 'company-suspended')
        await page.getByRole('button', { name: 'Company: Northside Media' }).waitFor()
    })
})
