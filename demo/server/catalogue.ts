/** A plant in the shop window. Its picture is `/assets/plants/{id}.svg`. */
export type Plant = {
  readonly id: string;
  readonly name: string;
  readonly latin: string;
  readonly priceCents: number;
  readonly light: string;
  readonly water: string;
  readonly story: string;
  /** What the button beside it asks the chat. */
  readonly question: string;
};

export const plants: readonly Plant[] = [
  {
    id: 'monstera',
    name: 'Swiss cheese plant',
    latin: 'Monstera deliciosa',
    priceCents: 3400,
    light: 'Bright, indirect',
    water: 'Every 7–10 days',
    story: 'Climbs towards the ceiling and cuts its own windows on the way. Give it a moss pole and a little patience.',
    question: 'How much light does a Monstera need?',
  },
  {
    id: 'snake-plant',
    name: 'Snake plant',
    latin: 'Dracaena trifasciata',
    priceCents: 2200,
    light: 'Anything but dark',
    water: 'Every 2–3 weeks',
    story:
      'Upright, unhurried, close to indestructible. The one to start with, and the one to leave behind on holiday.',
    question: 'How often should I water a snake plant?',
  },
  {
    id: 'boston-fern',
    name: 'Boston fern',
    latin: 'Nephrolepis exaltata',
    priceCents: 1800,
    light: 'Soft shade',
    water: 'Keep it moist',
    story: 'A fountain of fronds for the bathroom shelf. Loves steam, sulks beside radiators.',
    question: 'How do I keep the air humid enough for a fern?',
  },
  {
    id: 'bunny-ears',
    name: 'Bunny ears cactus',
    latin: 'Opuntia microdasys',
    priceCents: 1200,
    light: 'Full sun',
    water: 'Once a month',
    story: 'Grows a new pair of ears each spring. Charming to look at; please do not stroke it.',
    question: 'How do I water a cactus in winter?',
  },
  {
    id: 'golden-pothos',
    name: 'Golden pothos',
    latin: 'Epipremnum aureum',
    priceCents: 1600,
    light: 'Low to bright',
    water: 'Every 7–10 days',
    story: 'Trails from any shelf, and roots from any cutting. Half of our staff began with this one.',
    question: 'Which plants are safe for cats and dogs?',
  },
  {
    id: 'rubber-fig',
    name: 'Rubber fig',
    latin: 'Ficus elastica',
    priceCents: 2900,
    light: 'Bright, indirect',
    water: 'Weekly',
    story: 'Broad, glossy leaves the colour of a good armchair. Wipe them now and then: it likes the attention.',
    question: 'When should I repot my plant?',
  },
];

export type Order = {
  readonly number: string;
  readonly placedOn: string;
  readonly items: string;
  readonly totalCents: number;
  readonly state: string;
};

/** Newest first. */
export const ordersAtFirst: Readonly<Record<string, readonly Order[]>> = {
  'customer-1001': [
    { number: 'F-20431', placedOn: '14 May', items: 'Rubber fig', totalCents: 2900, state: 'Received' },
    { number: 'F-20418', placedOn: '12 May', items: 'Boston fern, hand mister', totalCents: 2700, state: 'On its way' },
    { number: 'F-20377', placedOn: '28 April', items: 'Swiss cheese plant', totalCents: 3400, state: 'Delivered' },
  ],
  'customer-1002': [
    {
      number: 'F-20421',
      placedOn: '13 May',
      items: 'Snake plant, 2 × bunny ears cactus',
      totalCents: 4600,
      state: 'Being packed',
    },
  ],
};

export function formatPrice(cents: number): string {
  return `€${(cents / 100).toFixed(2)}`;
}
