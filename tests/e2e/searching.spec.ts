import { expect, newValue, test } from "./fixtures";

test("a search finds letters in every form of Unicode, and without their accents", async ({
  page,
  vault,
}) => {
  const described = {
    GERMAN_KEY: "Der Schlu\u0308ssel zum Lager",
    TURKISH_KEY: "Sunucu: İstanbul",
    OTHER_KEY: "Ankara",
  };
  for (const [key, description] of Object.entries(described)) {
    const reply = await page.request.post("/api/vault", { data: { key, value: newValue(), description } });
    expect(reply.status()).toBe(201);
  }
  await page.reload();
  const find = vault.panel.getByLabel("Find a secret");
  const rows = vault.panel.getByRole("listitem");
  for (const query of ["schlüssel", "schlu\u0308ssel", "SCHLUSSEL", "lager schlüssel"]) {
    await find.fill(query);
    await expect(rows).toHaveCount(1);
    await expect(vault.row("GERMAN_KEY")).toBeVisible();
  }
  for (const query of ["istanbul", "İSTANBUL", "ıstanbul", "turkish key"]) {
    await find.fill(query);
    await expect(rows).toHaveCount(1);
    await expect(vault.row("TURKISH_KEY")).toBeVisible();
  }
});
