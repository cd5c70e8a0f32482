{
  services: { ä: 'ö' b },
}
