// Fetches three parts with Node's fetch, and tries again whatever goes wrong.
const tries = 3;

async function part(number) {
  for (let i = 1; ; i++) {
    try {
      const response = await fetch(`${process.env.COUNTERPART_URL}/parts/${number}`);
      const text = await response.text();
      if (response.ok) return text;
      if (i === tries) throw new Error(`status ${response.status}`);
    } catch (error) {
      if (i === tries) throw error;
    }
  }
}

for (const number of [1, 2, 3]) console.log(await part(number));
