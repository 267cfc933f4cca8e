// Models of devices in the browser: fulfilment adds and calibrates them, other staff read them, companies choose one.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newStaff } from './persons.mjs'
import { api, assertAccessible, closeBrowser, demo, openBrowser, origin, settle, shot, unique, withPage } from './support.mjs'

before(openBrowser)
after(closeBrowser)

const dialog = (page) => page.getByRole('dialog')
const modelNamed = async (name) => (await api('/v1/device-models?limit=200')).items.find((one) => one.name === name)
/** One that the demo has calibrated. */
const calibratedModel = async () => (await api('/v1/device-models?limit=200')).items.find(({ calibrations }) => calibrations.length > 0)

test('fulfilment adds a model and calibrates it, and a company can choose it', async () => {
    const name = unique('Eye')
    await withPage({ as: await newStaff(unique('Flora'), 'fulfilment') }, async (page) => {
        await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Device models' }).click()
        await page.getByRole('link', { name: 'New device model' }).click()
        const made = page.getByRole('dialog', { name: 'New device model' })
        await made.getByLabel('Model').fill(name)
        await made.getByLabel('Interval in seconds').fill('0')
        await made.getByRole('button', { name: 'Create' }).click()
        await made.getByText('must be at least 1').waitFor()
        await assertAccessible(page, 'a refused model')
        await shot(page, 'device-model-refused')
        await made.getByLabel('Interval in seconds').fill('300')
        await made.getByRole('button', { name: 'Create' }).click()

        const drawer = page.getByRole('dialog', { name })
        await drawer.getByText('5 min 00 s').waitFor()
        await drawer.getByText('Not calibrated').waitFor()
        assert.equal(new URL(page.url()).searchParams.get('model'), (await modelNamed(name)).id)
        await drawer.getByLabel('People per visit').fill('1.4')
        await drawer.getByLabel('Low').fill('1.5')
        await drawer.getByLabel('High').fill('1.6')
        await drawer.getByLabel('Method').fill('counted by hand')
        await drawer.getByRole('button', { name: 'Save' }).click()
        await drawer.getByText('must be between 0 and the factor').waitFor()
        await assertAccessible(page, 'a refused calibration')
        await drawer.getByLabel('Low').fill('1.2')
        await drawer.getByRole('button', { name: 'Save' }).click()
        await drawer.getByRole('row', { name: /1\.40.*1\.20.*1\.60.*counted by hand/ }).waitFor()
        assert.equal(await drawer.getByLabel('Method').inputValue(), '', 'the next one begins with empty fields')
        await settle(page)
        await assertAccessible(page, 'a device model')
        await shot(page, 'device-model-made')
        const { expected_interval_s: interval, calibrations } = await modelNamed(name)
        assert.deepEqual([interval, calibrations.map(({ factor, low, high }) => [factor, low, high])], [300, [[1.4, 1.2, 1.6]]])

        await drawer.getByRole('button', { name: 'Close' }).click()
        await page.getByRole('row', { name: new RegExp(`${name}.*1\\.40 \\(1\\.20 to 1\\.60\\)`) }).waitFor()
        await page.goto(`${origin}/device-models?open=new`)
        await made.getByLabel('Model').fill(name)
        await made.getByRole('button', { name: 'Create' }).click()
        await made.getByText('Another model has this name.').waitFor()
    })
    await withPage({ as: demo.owner }, async (page) => {
        await page.goto(`${origin}/devices?open=new`)
        await dialog(page).getByRole('button', { name: 'Model' }).click()
        await page.getByRole('option', { name }).waitFor()
    })
})

test('support reads the models and is offered no change; a company’s owner has no such page', async () => {
    const model = await calibratedModel()
    await withPage({ as: await newStaff(unique('Sol'), 'support') }, async (page) => {
        await page.goto(`${origin}/device-models?open=new`)
        await page.getByRole('row', { name: new RegExp(model.name) }).waitFor()
        assert.equal(await dialog(page).count(), 0)
        assert.equal(await page.getByRole('link', { name: 'New device model' }).count(), 0)
        await page.getByRole('link', { name: model.name }).click()
        await dialog(page).getByRole('row', { name: new RegExp(model.calibrations[0].method) }).waitFor()
        assert.equal(await dialog(page).getByText('Add calibration').count(), 0)
        assert.equal(await dialog(page).getByRole('button', { name: 'Save' }).count(), 0)
        await page.goto(`${origin}/device-models?model=mdl_00000000000000000000000000`)
        await dialog(page).getByText('There is no such device model').waitFor()
    })
    await withPage({ as: demo.owner }, async (page) => {
        await page.goto(`${origin}/device-models`)
        await page.getByRole('heading', { name: 'No access' }).waitFor({ state: 'attached' })
        assert.equal(await page.getByRole('link', { name: 'Device models' }).count(), 0)
    })
})

test('where there is no model yet, an owner is told who adds one', () =>
    withPage({ as: demo.owner }, async (page) => {
        await page.route('**/v1/device-models*', (route) => route.fulfill({ json: { items: [], next_cursor: null } }))
        await page.goto(`${origin}/devices?open=new`)
        await dialog(page).getByText('No device models').waitFor()
        await dialog(page).getByText(/Mobilytics’ staff add the models\. Tell support/).waitFor()
        await assertAccessible(page, 'no device models')
        await shot(page, 'new-device-without-models')
    }))

for (const [look, theme, locale] of [['phone', 'light', 'en-CA'], ['desktop', 'dark', 'fr-CA'], ['phone', 'dark', 'fr-CA']]) {
    test(`device models on a ${look}, ${theme}, ${locale}`, () =>
        withPage({ as: demo.staff, look, theme, locale }, async (page) => {
            const model = await calibratedModel()
            await page.goto(`${origin}/device-models`)
            await page.getByRole('row', { name: new RegExp(model.name) }).waitFor()
            await settle(page)
            await assertAccessible(page, 'device models')
            const [wide, page_width] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth])
            assert.ok(wide <= page_width, 'the page is wider than the screen')
            await shot(page, `device-models-${look}-${theme}-${locale}`)
            await page.goto(`${origin}/device-models?model=${model.id}`)
            await dialog(page).getByRole('row', { name: new RegExp(model.calibrations[0].method) }).waitFor()
            await settle(page)
            await assertAccessible(page, 'a device model')
            await shot(page, `device-model-${look}-${theme}-${locale}`)
        }))
}
