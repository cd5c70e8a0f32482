{ services: servces }
